// Package send sends the rows of a table through the local API, one row a call
// (H08). It is what `keydeskd send` does, without its command line: it knows the
// API as every client does, by its document, and nothing of the office behind it.
//
// Read makes a Table of a CSV or JSON file, before anything is sent: what is wrong
// with the file as a whole is told at once, what is wrong with one row stays with
// that row. A Client speaks with the API. A Run sends the rows, several at a time,
// and keeps in a Progress what was asked and what was answered, so that a run that
// was killed can go on.
//
// No message goes out twice. Each row has an Idempotency-Key of its own, made from
// the random id of the run and the row, so asking again is safe for as long as the
// API remembers keys. After that, a row of which no answer is known is unclear: a
// person has to look, since nothing here can know whether it went out.
package send
