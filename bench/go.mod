module github.com/birthmark-dfir/birthmark/bench

go 1.26.0

replace github.com/birthmark-dfir/birthmark => ../
