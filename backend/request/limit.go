package request

// Limits of a setup. They are far above any request seen and keep a rendering
// small enough to be shown live.
const (
	MaxName    = 200      // characters of a header, field or variable name
	MaxValue   = 64 << 10 // bytes of one value, and of the URL
	MaxRawBody = 1 << 20  // bytes of a raw body
	MaxRows    = 200      // rows of one list
)
