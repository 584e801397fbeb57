package call

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"keydesk/backend/access"
)

// demand is what a caller asks for under an idempotency key. It is empty if the
// caller gave no key.
type demand struct {
	key string
	// digest differs if the same key is used for another message.
	digest string
}

func demandOf(in SendInput) demand {
	if in.IdempotencyKey == "" {
		return demand{}
	}
	asked, err := json.Marshal([]any{in.PlaceID, in.StageID, in.Channel, in.Record})
	if err != nil {
		panic(err) // texts can always be marshalled
	}
	sum := sha256.Sum256(asked)
	return demand{key: in.IdempotencyKey, digest: hex.EncodeToString(sum[:])}
}

// answered gives the call that this caller asked for under the same key; false
// when there is none. Faults: ErrKeyTaken while it is being sent, ErrKeyReused
// when it was another message.
func (s *Service) answered(ctx context.Context, asked demand) (Detail, bool, error) {
	if asked.key == "" {
		return Detail{}, false, nil
	}
	first, found, err := s.store.CallByKey(ctx, actorOf(access.From(ctx).Caller), asked.key)
	switch {
	case err != nil || !found:
		return Detail{}, false, err
	case first.Call.IdempotencyDigest != asked.digest:
		return Detail{}, false, ErrKeyReused
	case first.Call.State == Sending:
		return Detail{}, false, ErrKeyTaken
	}
	return first, true, nil
}
