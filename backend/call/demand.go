package call

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/setup"
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
	return demandFor(in.IdempotencyKey, in.PlaceID, in.StageID, in.Channel, WayLive, in.Record)
}

func demandFor(key, placeID, stageID string, channel setup.Channel, mode string, record map[string]string) demand {
	asked, err := json.Marshal([]any{placeID, stageID, channel, mode, record})
	if err != nil {
		panic(err) // texts can always be marshalled
	}
	sum := sha256.Sum256(asked)
	return demand{key: key, digest: hex.EncodeToString(sum[:])}
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
		return Detail{}, false, ErrKeyTaken.WithRetryAfter(time.Second)
	}
	return first, true, nil
}
