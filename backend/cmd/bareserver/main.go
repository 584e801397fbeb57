// Command bareserver is what the figure headless compares keydeskd with (RULES.md,
// Speed): the least that a program does which serves HTTP on this computer, has one
// SQLite file open and reads one item of the keyring.
//
//	bareserver FILE
package main

import (
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"

	libsecret "github.com/gsterjov/go-libsecret"
	_ "github.com/mattn/go-sqlite3"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "bareserver:", err)
		os.Exit(1)
	}
}

func run(file string) error {
	db, err := sql.Open("sqlite3", file+"?_journal_mode=WAL")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec("CREATE TABLE IF NOT EXISTS thing (id TEXT PRIMARY KEY)"); err != nil {
		return err
	}
	var things int
	if err := db.QueryRow("SELECT COUNT(*) FROM thing").Scan(&things); err != nil {
		return err
	}
	if err := readItem(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "msg=ready")
	return http.Serve(listener, http.NewServeMux())
}

// readItem reads one item of the keyring that is open.
func readItem() error {
	service, err := libsecret.NewService()
	if err != nil {
		return err
	}
	session, err := service.Open()
	if err != nil {
		return err
	}
	collections, err := service.Collections()
	if err != nil {
		return err
	}
	for _, collection := range collections {
		items, err := collection.Items()
		if err != nil {
			return err
		}
		if len(items) > 0 {
			_, err := items[0].GetSecret(session)
			return err
		}
	}
	return errors.New("the keyring is empty")
}
