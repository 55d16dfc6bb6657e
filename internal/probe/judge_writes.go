package probe

import (
	"fmt"
	"net/http"
)

// bare reports whether an object has only an id.
func bare(object map[string]any) bool {
	_, ok := object["id"]

	return ok && len(object) == 1
}

// refusal describes an error response.
func refusal(what string, e *exchange) string {
	if !e.responded() {
		return what + " had no response"
	}

	return fmt.Sprintf("%s was refused with status %d", what, e.status)
}

func judgeCreate(o *observations) finding {
	e := o.webhook.create

	switch data := e.record(); {
	case e == nil:
		return o.needsWrite()
	case !e.succeeded():
		return undetermined(refusal("the create", e))
	case bare(data):
		return answered("data")
	case data["id"] != nil:
		return answered("object")
	case data == nil && e.object()["id"] != nil:
		return answered("root")
	}

	return another(e, "the id is in no known place")
}

func judgeCreateStatus(o *observations) finding {
	e := o.webhook.create

	switch {
	case e == nil:
		return o.needsWrite()
	case !e.succeeded():
		return undetermined(refusal("the create", e))
	case e.status == http.StatusOK, e.status == http.StatusCreated:
		return answered(fmt.Sprint(e.status))
	}

	return another(e, fmt.Sprintf("status %d", e.status))
}

func judgeUpdate(o *observations) finding {
	e := o.webhook.update

	switch data := e.record(); {
	case e == nil && o.webhook.rename != nil:
		return undetermined("SePay accepted none of the updates")
	case e == nil:
		return o.needsWrite()
	case e.status == http.StatusNoContent:
		return answered("204")
	case bare(data):
		return answered("data")
	case data["id"] != nil:
		return answered("object")
	case data == nil && text(e.object()["message"]) != "":
		return answered("message")
	}

	return another(e, fmt.Sprintf("status %d", e.status))
}

func judgeDelete(o *observations) finding {
	e := o.webhook.delete

	switch {
	case e == nil:
		return o.needsWrite()
	case !e.succeeded():
		return undetermined(refusal("the delete", e))
	case e.status == http.StatusNoContent:
		return answered("204")
	case e.status == http.StatusOK && e.record() == nil && text(e.object()["message"]) != "":
		return answered("message")
	}

	return another(e, fmt.Sprintf("status %d", e.status))
}

// judgeValidation checks an update with an invalid value, or an invalid parameter of a list in a run that only reads.
func judgeValidation(o *observations) finding {
	e := o.webhook.invalid

	if e == nil {
		e = o.badQuery
		if e.succeeded() {
			return undetermined("the service accepts a bad parameter of a list; an invalid value in an update needs --write")
		}
	}

	body := e.object()
	fields, _ := body["messages"].(map[string]any)
	_, general := fields["error"]

	switch {
	case e == nil:
		return o.needsWrite()
	case !e.responded():
		return undetermined(refusal("the invalid value", e))
	case e.succeeded():
		return another(e, fmt.Sprintf("the invalid value is accepted with status %d", e.status))
	case e.status == http.StatusOK:
		return answered("in_200")
	case e.status == http.StatusBadRequest && text(body["message"]) != "":
		return answered("400")
	case e.status == http.StatusUnprocessableEntity && len(fields) > 0 && !general:
		return answered("422")
	case e.status == http.StatusInternalServerError && e.kind == bodyNone:
		return answered("500")
	}

	return another(e, fmt.Sprintf("status %d with a body of %s", e.status, e.kind))
}

// judgeNames checks a name that was sent alone.
func judgeNames(o *observations) finding {
	seen := o.webhook

	switch kept := text(seen.renamed.record()["name"]); {
	case seen.rename == nil:
		return o.needsWrite()
	case seen.rename.refused():
		return answered("refused").because(fmt.Sprintf("with status %d", seen.rename.status))
	case seen.renamed == nil:
		return o.needsWrite()
	case kept == "":
		return undetermined("the webhook could not be read after the update")
	case sameText(kept, seen.newName):
		return answered("obeyed")
	case sameText(kept, seen.name):
		return answered("ignored")
	}

	return another(seen.renamed, "the name is neither the one before nor the one that was sent")
}

func judgeCreateActive(o *observations) finding {
	active, known := onOff(o.webhook.created.record()["active"])

	switch {
	case o.webhook.created.record() == nil:
		return o.needsWrite()
	case !known:
		return another(o.webhook.created, "active is not read")
	case active:
		return answered("ignored")
	}

	return answered("obeyed")
}

// judgeMissing checks the probe's webhook after its delete, or an id that does not exist.
func judgeMissing(o *observations) finding {
	e := o.webhook.gone
	if e == nil {
		e = o.missing
	}

	switch {
	case e == nil:
		return o.needsWrite()
	case !e.responded():
		return undetermined(refusal("the read", e))
	case e.status == http.StatusNotFound && e.kind == bodyJSON:
		return answered("json")
	case e.status == http.StatusNotFound && e.kind == bodyHTML:
		return answered("html")
	}

	return another(e, fmt.Sprintf("status %d with a body of %s", e.status, e.kind))
}
