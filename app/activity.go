package app

import (
	"keydesk/backend"
	"keydesk/backend/activity"
)

// Activity is the page's door to activity: one line an operation.
type Activity struct {
	door *Door
	on   backend.ActivityOps
}

// List runs activity.list.
func (d *Activity) List(in activity.ListInput) (activity.Page, error) {
	return call(d.door, d.on.List, in)
}

// Filters runs activity.filters.
func (d *Activity) Filters() (activity.Filters, error) {
	return call(d.door, d.on.Filters, struct{}{})
}
