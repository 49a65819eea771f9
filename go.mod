module github.com/birthmark-dfir/birthmark

go 1.26.0
