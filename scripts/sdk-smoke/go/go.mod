module smoke

go 1.23

require example.org/tripod/client v0.0.0

replace example.org/tripod/client => ../../sdk/go
