// Prints the keys that ssh.ParseAuthorizedKey reads from each file that standard input names. Each line of the output has the
// name of a file and the blobs of its keys in hexadecimal, separated by tabs.
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"

	"golang.org/x/crypto/ssh"
)

func main() {
	names := bufio.NewScanner(os.Stdin)
	for names.Scan() {
		rest, err := os.ReadFile(names.Text())
		if err != nil {
			panic(err)
		}
		fmt.Print(names.Text())
		for len(rest) > 0 {
			var key ssh.PublicKey
			if key, _, _, rest, err = ssh.ParseAuthorizedKey(rest); err != nil {
				break
			}
			fmt.Print("\t", hex.EncodeToString(key.Marshal()))
		}
		fmt.Println()
	}
}
