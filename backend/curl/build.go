package curl

func read(string) (Import, error) { return Import{}, ErrNotCurl }
