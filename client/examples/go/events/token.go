package events

import "os"

// store writes the token as a whole. Better: in the transaction of what your program did with the event.
func store(token, tokenFile string) error {
	if token == "" {
		return nil
	} else if err := os.WriteFile(tokenFile+".new", []byte(token), 0o600); err != nil {
		return err
	}
	return os.Rename(tokenFile+".new", tokenFile)
}
