package activity

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
)

// Fixed keys, as the vault would hold them.
var (
	goldenMACKey = bytes.Repeat([]byte{0x11}, 32)
	goldenSigner = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{0x22}, 32))
	goldenPublic = goldenSigner.Public().(ed25519.PublicKey)
)

func goldenMAC(data []byte) ([]byte, error) {
	mac := hmac.New(sha256.New, goldenMACKey)
	mac.Write(data)
	return mac.Sum(nil), nil
}

// goldenEntry has every field set, one text with letters of two bytes and one
// that is empty.
func goldenEntry() Entry {
	return Entry{
		Seq: 7, AtMs: 1_780_000_000_123, MonoMs: 4567, ActorKind: "person", ActorID: "u1", Actor: "Ägidius", Roles: "Org Admin, Viewer", Source: "window",
		Op: "setup.update", Outcome: Done, Kind: "setup", ObjectID: "s1", Object: "Order on its way", Count: 1, Before: "", After: `{"name":"x"}`,
	}
}

func goldenSalts() (salts [4][]byte) {
	for i := range salts {
		salts[i] = bytes.Repeat([]byte{byte(0xA0 + i)}, saltSize)
	}
	return salts
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func wantHex(t *testing.T, what string, got []byte, want string) {
	t.Helper()
	if !bytes.Equal(got, unhex(t, want)) {
		t.Errorf("%s:\n got %x\nwant %x", what, got, unhex(t, want))
	}
}

// The bytes of FORMAT.md do not drift: programs of other years verify what is
// written today. A change here is a new format with its own version byte, never
// a new golden value.
func TestGoldenFormat(t *testing.T) {
	prev := bytes.Repeat([]byte{0x33}, 32)
	e, err := linked(goldenEntry(), prev, goldenSalts(), goldenMAC)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range goldenDigests {
		wantHex(t, "digest of "+textNames[i], e.Digests[i], want)
	}
	wantHex(t, "record", e.record(), goldenRecord)
	wantHex(t, "hash", e.Hash, goldenHash)
	wantHex(t, "mac", e.MAC, goldenEntryMAC)

	head := Head{Seq: 7, Hash: e.Hash, AtMs: 1_780_000_001_000}
	wantHex(t, "head", head.signed(), goldenHead)
	wantHex(t, "signature of the head", ed25519.Sign(goldenSigner, head.signed()), goldenHeadSignature)

	checkpoint := Checkpoint{
		Reason: Converted, FirstSeq: 1, LastSeq: 7, Count: 7, FirstMs: 1_770_000_000_000, LastMs: 1_780_000_000_123,
		Hash: e.Hash, BrokenSeq: 3, Problem: "The entry was changed.", AtMs: 1_780_000_001_000,
	}
	wantHex(t, "checkpoint", checkpoint.signed(), goldenCheckpoint)
	wantHex(t, "signature of the checkpoint", ed25519.Sign(goldenSigner, checkpoint.signed()), goldenCheckpointSignature)

	old := OldEntry{Entry: goldenEntry(), PrevMAC: prev}
	mac, _ := goldenMAC(old.canonical())
	wantHex(t, "mac of the old format", mac, goldenOldMAC)
}

// The values were also computed by a program in another language, from
// FORMAT.md alone.
var goldenDigests = [4]string{
	"d9a148c981d14be962eb655945e981f6ef8579b6e2c2ef6b794908b4bb78eb99",
	"88e093cbc65f2127e524c84adb92a505da1030fcf2b8ce3fad2fe1ed889548f9",
	"c7a93132fa96eac5f27b7f9b1a70ea7126de4b2208d5b689de47b0806d98b7f1",
	"9decef7b3d82ba9a85610ae52a6328e74a6b094c7afcbcdfddde3bc2f0fe707e",
}

const (
	goldenRecord = `
		0000000000000017 6b65796465736b206163746976697479207265636f7264 01
		0000000000000020 3333333333333333333333333333333333333333333333333333333333333333
		0000000000000007 0000019e7044887b 00000000000011d7 0000000000000001
		0000000000000006 706572736f6e
		0000000000000002 7531
		0000000000000011 4f72672041646d696e2c20566965776572
		0000000000000006 77696e646f77
		000000000000000c 73657475702e757064617465
		0000000000000004 646f6e65
		0000000000000005 7365747570
		0000000000000002 7331
		0000000000000020 d9a148c981d14be962eb655945e981f6ef8579b6e2c2ef6b794908b4bb78eb99
		0000000000000020 88e093cbc65f2127e524c84adb92a505da1030fcf2b8ce3fad2fe1ed889548f9
		0000000000000020 c7a93132fa96eac5f27b7f9b1a70ea7126de4b2208d5b689de47b0806d98b7f1
		0000000000000020 9decef7b3d82ba9a85610ae52a6328e74a6b094c7afcbcdfddde3bc2f0fe707e`
	goldenHash     = "0e796f1551b14da765ba62f06dde67171987b06bf9246c540592253adaa65c76"
	goldenEntryMAC = "9d9f3fe24d7c1f895fc0fa16c2d89c5f782ccbf3f817d2a192b324354a2ae830"

	goldenHead = `
		0000000000000015 6b65796465736b2061637469766974792068656164 01
		0000000000000007
		0000000000000020 0e796f1551b14da765ba62f06dde67171987b06bf9246c540592253adaa65c76
		0000019e70448be8`
	goldenHeadSignature = `
		942d0a6d4daacb0f857f0436c6525058c5bc6920d78384ae050d443c07474b7c
		96b592b65c962ba354d60620831a644016b800c235b11b03175d9c4bc1e70f06`

	goldenCheckpoint = `
		000000000000001b 6b65796465736b20616374697669747920636865636b706f696e74 01
		0000000000000009 636f6e766572746564
		0000000000000001 0000000000000007 0000000000000007 0000019c1c38a400 0000019e7044887b
		0000000000000020 0e796f1551b14da765ba62f06dde67171987b06bf9246c540592253adaa65c76
		0000000000000003
		0000000000000016 54686520656e74727920776173206368616e6765642e
		0000019e70448be8`
	goldenCheckpointSignature = `
		41e949f6ee48734d5ec12fee0905132f08b2358626c78d95582f7561fe7fef60
		c043d6bc2199578f45f5edbfd91d810697cf9de82a420af1a3715e0dd6d51a0c`

	goldenOldMAC = "8f9c55218b08de3f2225f49449585c5a9b67fa128a92b44339f11c82c1cdf6d7"
)
