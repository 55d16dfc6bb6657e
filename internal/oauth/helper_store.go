package oauth

// helperStore keeps records with a command that the user provides.
type helperStore struct{ memoryStore }
