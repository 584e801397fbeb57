package setup

import "strings"

// FindChannel gives the channel of a code (whatsapp_business) or of the words
// on screen (WhatsApp Business), in any case; false when there is none.
func FindChannel(text string) (Channel, bool) {
	for channel, label := range ChannelLabels {
		if strings.EqualFold(text, string(channel)) || strings.EqualFold(text, label) {
			return channel, true
		}
	}
	return "", false
}
