module github.com/birthmark-dfir/birthmark/examples/crosscheck

go 1.26.0

replace github.com/birthmark-dfir/birthmark => ../../
