package process

import (
	"context"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// Faults of making a starter tree.
var (
	ErrNoStarter = fault.New(fault.Invalid, "process.no_starter", "There is no such starter tree.").
			WithHint("Choose Orders, Appointments or Invoices.")
	ErrStarterThere = fault.New(fault.Conflict, "process.starter_there", "Everything in this starter tree is already there.")
)

type starterNode struct {
	name   string
	stages []starterStage
	places []starterNode
}

type starterStage struct {
	name   string
	fields []Field
}

// The fields that several stages share, with samples as people would type
// them.
var (
	mobile   = Field{Name: "Mobile", Type: Phone, Required: true, Sample: "+919812345678"}
	customer = Field{Name: "Customer name", Type: Text, Required: true, Sample: "Asha Verma"}
	email    = Field{Name: "E-mail", Type: Email, Sample: "asha.verma@example.com"}
	orderNo  = Field{Name: "Order number", Type: Text, Required: true, Sample: "ORD-10482"}
	amount   = Field{Name: "Amount", Type: Number, Sample: "1499.50"}
	invoice  = Field{Name: "Invoice number", Type: Text, Required: true, Sample: "INV-2026-0317"}
	dueDate  = Field{Name: "Due date", Type: Date, Required: true, Sample: "2026-12-15"}
	when     = Field{Name: "Appointment date", Type: Date, Required: true, Sample: "2026-12-02"}
	clock    = Field{Name: "Appointment time", Type: Text, Required: true, Sample: "10:30"}
	patient  = Field{Name: "Patient name", Type: Text, Required: true, Sample: "Ravi Menon"}
	doctor   = Field{Name: "Doctor", Type: Text, Sample: "Dr. Leela Nair"}
	visitor  = Field{Name: "Visitor name", Type: Text, Required: true, Sample: "Imran Sheikh"}
)

func text(name, sample string) Field { return Field{Name: name, Type: Text, Sample: sample} }
func date(name, sample string) Field { return Field{Name: name, Type: Date, Sample: sample} }
func number(name, sample string) Field {
	return Field{Name: name, Type: Number, Sample: sample}
}
func question(name, sample string) Field {
	return Field{Name: name, Type: Boolean, Sample: sample}
}

func step(name string, fields ...Field) starterStage { return starterStage{name: name, fields: fields} }

// starters are the trees of first run: processes, stages and fields, no keys.
var starters = map[string]starterNode{
	"orders": {name: "Orders", places: []starterNode{
		{name: "Delivery", places: []starterNode{
			{name: "Home delivery", stages: []starterStage{
				step("Placed", mobile, customer, orderNo, amount, email, question("Cash on delivery", "false")),
				step("Packed", mobile, customer, orderNo, date("Due date", "2026-12-05"), number("Items", "3")),
				step("Shipped", mobile, customer, orderNo, date("Due date", "2026-12-05"), text("Courier", "Blue Dart"), text("Tracking number", "BD489201374IN")),
				step("Delivered", mobile, customer, orderNo, amount, date("Delivered on", "2026-12-04")),
			}},
			{name: "Pick-up", stages: []starterStage{
				step("Placed", mobile, customer, orderNo, amount, email),
				step("Ready", mobile, customer, orderNo, text("Shop", "Church Street"), text("Pick-up code", "4827")),
				step("Collected", mobile, customer, orderNo),
			}},
		}},
		{name: "Returns", stages: []starterStage{
			step("Requested", mobile, customer, orderNo, text("Reason", "Wrong size")),
			step("Received", mobile, customer, orderNo, date("Received on", "2026-12-09")),
			step("Refunded", mobile, customer, orderNo, amount, email, date("Refunded on", "2026-12-11")),
		}},
	}},
	"appointments": {name: "Appointments", places: []starterNode{
		{name: "Clinic", places: []starterNode{
			{name: "First visit", stages: []starterStage{
				step("Booked", mobile, patient, when, clock, doctor, email, text("Booking number", "APT-2207")),
				step("Reminder", mobile, patient, when, clock, doctor, text("Address", "12 MG Road, Kochi")),
				step("Completed", mobile, patient, when, doctor, date("Next visit", "2027-01-06")),
				step("Cancelled", mobile, patient, when, clock),
			}},
			{name: "Follow-up", stages: []starterStage{
				step("Due", mobile, patient, date("Next visit", "2027-01-06"), doctor),
				step("Booked", mobile, patient, when, clock, doctor),
				step("Missed", mobile, patient, when, doctor),
			}},
		}},
		{name: "Home visit", stages: []starterStage{
			step("Requested", mobile, visitor, text("Address", "Flat 4B, Lake View, Pune"), date("Wanted on", "2026-12-03")),
			step("Confirmed", mobile, visitor, when, clock, text("Technician", "Sunil Patil")),
			step("Done", mobile, visitor, amount, question("Paid", "true")),
		}},
	}},
	"invoices": {name: "Invoices", places: []starterNode{
		{name: "Sales", places: []starterNode{
			{name: "One-off", stages: []starterStage{
				step("Issued", mobile, customer, invoice, amount, dueDate, email),
				step("Reminder", mobile, customer, invoice, amount, dueDate, text("Payment link", "https://pay.example.com/INV-2026-0317")),
				step("Overdue", mobile, customer, invoice, amount, dueDate, number("Days overdue", "7")),
				step("Paid", mobile, customer, invoice, amount, date("Paid on", "2026-12-12"), email),
			}},
			{name: "Subscription", stages: []starterStage{
				step("Renewal due", mobile, customer, text("Plan", "Office 10"), amount, date("Renews on", "2027-01-01")),
				step("Renewed", mobile, customer, invoice, amount, text("Plan", "Office 10"), email),
				step("Payment failed", mobile, customer, invoice, amount, text("Reason", "Card expired")),
			}},
		}},
		{name: "Credit notes", stages: []starterStage{
			step("Issued", mobile, customer, text("Credit note number", "CN-2026-0041"), invoice, amount, email),
			step("Settled", mobile, customer, text("Credit note number", "CN-2026-0041"), amount),
		}},
	}},
}

// CreateStarter makes one of the starter trees: "orders", "appointments" or
// "invoices". What already exists by name stays as it is. Faults: ErrNoStarter,
// ErrStarterThere.
func (s *Service) CreateStarter(ctx context.Context, name string) error {
	starter, ok := starters[fold(name)]
	if !ok {
		return ErrNoStarter
	}
	p, err := s.newPlan(ctx)
	if err != nil {
		return err
	}
	p.grow(Node{}, starter)
	if p.isEmpty() {
		return ErrStarterThere
	}
	if err := s.carryOut(ctx, p); err != nil {
		return err
	}
	root, _ := p.place(Node{}, starter.name)
	access.From(ctx).Changed("place", root.ID, root.Name, nil, p.record())
	return nil
}

// grow adds a starter place and what is beneath it to the plan.
func (p *plan) grow(parent Node, starter starterNode) {
	place, _ := p.place(parent, starter.name)
	for _, one := range starter.stages {
		stage, _ := p.stage(place, one.name)
		for _, field := range one.fields {
			p.field(stage, field)
		}
	}
	for _, child := range starter.places {
		p.grow(place, child)
	}
}
