package mutation

import "slices"

// All returns every mutation.
func All() []Mutation {
	return slices.Concat(create(), deleted(), drift(), chain(), redaction(), sharing())
}

// in returns the mutations of a file that the same tests are expected to notice; changes are pairs of old and new text.
func in(file, tests string, changes ...[2]string) []Mutation {
	mutations := make([]Mutation, len(changes))
	for i, change := range changes {
		mutations[i] = Mutation{File: file, Old: change[0], New: change[1], Tests: tests}
	}

	return mutations
}

func create() []Mutation {
	const (
		tests = "./internal/sepay ./internal/webhook -run Create|Mark|Lost|Leftover|Similar|Twice|Second|Deliver"
		marks = "./internal/sepay -run Create|Mark|Similar|Deliver"
	)

	return slices.Concat(
		in("internal/sepay/create.go", tests,
			[2]string{"withMark(deref(body.Name), mark), Flag(false)", "withMark(deref(body.Name), mark), Flag(true)"},
			[2]string{"if !mayHaveCreated(err) {", "if true {"},
			[2]string{"return !refused(apiErr)", "return refused(apiErr)"},
			[2]string{"return requestErr.Sent", "return false"},
			[2]string{"strings.HasSuffix(row.Name.Or(\"\"), lost.Mark)", "strings.Contains(row.Name.Or(\"\"), \"tf-\")"},
			[2]string{"apiErr.Status >= http.StatusMultipleChoices &&", "apiErr.Status > http.StatusBadRequest &&"},
			[2]string{"Name: body.Name, Active: body.Active}", "Active: body.Active}"},
			[2]string{"ok && refusesContent(apiErr)", "ok && !refusesContent(apiErr)"},
			[2]string{"return waits[:3]", "return waits[:0]"},
		),
		in("internal/sepay/mark.go", marks,
			[2]string{"name = string([]rune(name)[:room])", "name = string([]rune(name)[:room+1])"},
			[2]string{"return marked && !w.Active.Or(true)", "return marked"},
		),
		in("internal/sepay/similar.go", tests,
			[2]string{"if relation == written ||", "if false ||"},
			[2]string{"first.Last > 1", "first.Last > 2"},
			[2]string{"return a == b || a == EventTypeAll || b == EventTypeAll", "return a == b"},
			[2]string{"address.Host = strings.ToLower(address.Host)", ""},
		),
	)
}

func deleted() []Mutation {
	const tests = "./internal/sepay ./internal/webhook -run Gone|Missing|404|Removes|NotFound|Delete"

	return slices.Concat(
		in("internal/sepay/deleted.go", tests,
			[2]string{"return w.ID == id }) {", "return w.ID != id }) {"},
			[2]string{"object(ctx, c, id, nil)\n	if err != nil {", "object(ctx, c, id, nil)\n	if false {"},
			[2]string{"filter.query()))\n	if err != nil {", "filter.query()))\n	if false {"},
		),
		in("internal/webhook/principal.go", tests,
			[2]string{"before == principal {", "true {"},
		),
	)
}

func drift() []Mutation {
	const tests = "./internal/webhook -run Drift|Dashboard|Held|Secret|Coverage|AuthenType|Digest|VirtualAccount|WriteOnly|LeavesOut|Import"

	return slices.Concat(
		in("internal/webhook/held.go", tests,
			[2]string{"plan.RetryConditions = heldSet(h.RetryConditions)", ""},
			[2]string{"plan.AlertThreshold = types.Int64PointerValue(h.AlertThreshold)", ""},
			[2]string{"case listed && empty(plan.BankSubAccountIDs):", "case false:"},
			[2]string{"plan.BankMode = types.StringValue(sepay.BankModeSingle)", ""},
			[2]string{"h.or(heldOf(prior)).or(heldOf(next))", "heldOf(next).or(heldOf(prior)).or(h)"},
		),
		in("internal/webhook/secrets_read.go", tests,
			[2]string{"*is.plain, *is.version = types.StringNull(), types.Int64Null()", "*is.version = types.Int64Null()"},
			[2]string{"if next.AuthenType.ValueString() != secret.authenType {", "if false {"},
			[2]string{"whole := len(value) >= shortestSecret", "whole := true"},
		),
		in("internal/webhook/secrets_plan.go", tests,
			[2]string{"return types.Int64Value(prior.ValueInt64() + 1)", "return types.Int64Value(prior.ValueInt64())"},
		),
	)
}

func chain() []Mutation {
	const tests = "./internal/oauth ./internal/oauth/login"

	return slices.Concat(
		in("internal/oauth/algorithm.go", tests,
			[2]string{"if at.name != locked {", "if false {"},
			[2]string{"next.Pending = &tokenstore.Intent{Fingerprint: fp, At: e.env.Now(), PID: e.env.PID, Host: e.env.Host}", ""},
			[2]string{"e.env.Process.SetUnsaved(location, r)", ""},
			[2]string{"e.writeEmergencyCopy(r, err)", ""},
			[2]string{"case stored != nil && stored.RefreshToken != intent.RefreshToken:", "case false:"},
			[2]string{"ended.Pending.ResponseLost = true", ""},
		),
		in("internal/oauth/check_exchange.go", tests,
			[2]string{"failure := s.env.Process.NoResponse(fp); failure != nil", "failure := s.env.Process.NoResponse(fp); false"},
			[2]string{"age >= 0 && age < rejectionTTL", "age < 0 && age < rejectionTTL"},
			[2]string{"age >= 0 && age < freshTokenAge", "age < 0 && age < freshTokenAge"},
		),
		in("internal/oauth/copies.go", tests,
			[2]string{"case found.Supersedes(newest):", "case true:"},
			[2]string{"found.ClientID != s.cfg.ClientID, found.TokenURL != s.cfg.TokenURL:", "false:"},
		),
		in("internal/oauth/find.go", tests,
			[2]string{"r.ClientID != s.cfg.ClientID || r.TokenURL != s.cfg.TokenURL", "false"},
		),
	)
}

func redaction() []Mutation {
	const tests = "./internal/redact"

	return slices.Concat(
		in("internal/redact/redact.go", tests,
			[2]string{"if char == '+' {", "if false {"},
			[2]string{"maxBytes := (limit + minFragment) * maxEscape", "maxBytes := limit"},
			[2]string{"case unicode.IsControl(char), unicode.Is(unicode.Cf, char):", "case unicode.IsControl(char):"},
			[2]string{"return unicode.ToLower(unicode.ToUpper(display(char)))", "return display(char)"},
		),
		in("internal/redact/unescape.go", tests,
			[2]string{"case '%':", "case 0:"},
			[2]string{"case '&':", "case 0:"},
			[2]string{"ok && utf16.IsSurrogate(first)", "ok && false"},
		),
		in("internal/redact/untrusted.go", tests,
			[2]string{"case named && !plain:", "case named && plain:"},
			[2]string{"return word[:at+1] + Marker", "return word"},
		),
		in("internal/redact/environment.go", tests,
			[2]string{"|| slices.Contains(secrets, value)", "|| len(secrets) > 1<<20 && value == name"},
		),
	)
}

func sharing() []Mutation {
	const tests = "./internal/coalesce ./internal/sepay"

	return slices.Concat(
		in("internal/coalesce/snapshot.go", tests,
			[2]string{"idle := len(r.pending) == 0 && time.Since(s.used) > snapshotIdle", "idle := false"},
			[2]string{"aged := time.Since(s.since) > snapshotAge", "aged := false"},
			[2]string{"again := s.served[id] && !r.cfg.AllowRepeats", "again := false"},
			[2]string{"		r.begin(true)\n		r.plan()\n	}\n}", "		r.plan()\n	}\n}"},
		),
		in("internal/coalesce/fetch.go", tests,
			[2]string{"r.snapshot.broken = true", ""},
			[2]string{"return sent > w.after", "return true"},
			[2]string{"if f.sent <= r.snapshot.begun {", "if false {"},
		),
		in("internal/coalesce/plan.go", tests,
			[2]string{"return r.credit-1-reserve >= 0", "return true"},
		),
		in("internal/coalesce/reader.go", tests,
			[2]string{"if err := r.snapshot.refused; err != nil {", "if err := r.snapshot.refused; false {"},
		),
		in("internal/coalesce/shape.go", tests,
			[2]string{"return observed || s.Secrets(kind)&^s.Keys(row) == 0", "return !observed || true"},
		),
		in("internal/coalesce/shared.go", tests,
			[2]string{"if f.waiting--; f.waiting > 0 {", "if f.waiting--; f.waiting >= 0 {"},
		),
	)
}
