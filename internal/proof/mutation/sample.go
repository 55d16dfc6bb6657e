package mutation

import "slices"

// Sample returns some mutations of each room, with only the test that is known to notice each: a run of all its tests would
// take an hour.
func Sample() []Mutation {
	all := All()

	var sample []Mutation

	for _, known := range []struct{ old, tests string }{
		{"withMark(deref(body.Name), mark), Flag(false)", "./internal/sepay -run ^TestAWebhookIsCreatedInactiveWithAMarkAndThenEnabled$"},
		{"return !refused(apiErr)", "./internal/sepay -run ^TestACreateWithAFailureInA200IsLookedUp$"},
		{"return w.ID == id }) {", "./internal/sepay -run ^TestAWebhookCountsAsDeletedOnlyWhenTheListConfirmsIt$"},
		{"before == principal {", "./internal/webhook -run ^TestAWebhookThatIsMissingForAnotherCompanyStaysInTheState$"},
		{"return types.Int64Value(prior.ValueInt64() + 1)", "./internal/webhook -run ^TestTheVersionRisesWhenTheWriteOnlySecretChanges$"},
		{"e.env.Process.SetUnsaved(location, r)", "./internal/oauth -run ^TestFailedSaveAfterTheExchangeWritesAnEmergencyCopy$"},
		{"age >= 0 && age < rejectionTTL", "./internal/oauth -run ^TestRejectedTokenIsNotRetriedAndANewRefreshTokenWorksImmediately$"},
		{"r.ClientID != s.cfg.ClientID || r.TokenURL != s.cfg.TokenURL", "./internal/oauth -run ^TestTheRecordOfAnotherClientIsNotUsed$"},
		{"case '%':", "./internal/redact -run ^TestASecretIsFoundInEveryForm$"},
		{"case unicode.IsControl(char), unicode.Is(unicode.Cf, char):", "./internal/redact -run ^TestControlCharactersAreReplaced$"},
		{"		r.begin(true)\n		r.plan()\n	}\n}", "./internal/coalesce -run ^TestAReadSeesEveryWriteThatCompletedBeforeIt$"},
		{"if f.waiting--; f.waiting > 0 {", "./internal/coalesce -run ^TestASharedReadEndsOnlyWhenAllItsCallersHaveLeft$"},
	} {
		at := slices.IndexFunc(all, func(m Mutation) bool { return m.Old == known.old })
		if at < 0 {
			panic("the sample has a mutation that is not in the list: " + known.old)
		}

		chosen := all[at]
		chosen.Tests = known.tests
		sample = append(sample, chosen)
	}

	return sample
}
