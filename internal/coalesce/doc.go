// Package coalesce serves reads of single objects with as few requests as possible. It depends neither on HTTP nor on
// the service: its functions to read one object and one page of a list are passed in.
//
// Terraform reads each object separately, and one page of the service's list returns a hundred complete objects. So
// reads of one refresh share pages of the list.
//
// A refresh is a sequence of reads that may be served from the same responses. Its responses form a snapshot. A
// snapshot ends, and the next read begins a new one,
//   - when a write completes (Writing, Deleted), so that a read sees every write that completed before it;
//   - when an object is read that was already read from the snapshot (unless Config.AllowRepeats);
//   - after 5 s without a read, and in any case after 2 min.
//
// A read is never stale: each snapshot and each attempt of a request gets a sequence number, and a response is returned
// only to callers whose call began before the request was sent. Errors are returned only to callers that wait for the object.
//
// The cost of reads: the first read of a snapshot is a single read. From the second one on, the pages are read that are
// likely to contain the wanted objects. Each read adds a credit of two requests; one of them is reserved for a single
// read, in case no page has the object. So a few objects of a long list never cost more than twice their number, and
// N objects of a list of N cost about N/100 requests.
//
// The page of an object is estimated (layout) from the ids on the pages that were read. A wrong estimate costs credit
// and never changes a result. Reading pages 1, 2, … in order would exceed this cost when few objects of a long list are
// wanted. The work of an estimate depends on the number of pages that were read, not on the length of the list that the
// service reports.
//
// Rows of a list replace single reads only while they have every key that single reads have (Shape); otherwise, and
// if the service does not paginate, each object is read with its own request.
//
// Requests run on their own goroutines, because several callers share them: the end of one caller's context does not
// cancel a request; it is canceled when its last caller leaves. Reads after writes wait for further writes, so that
// a batch of writes shares the pages that verify it. The wait is short: it follows the pace of the machine, and ends when
// all callers of the previous batch wait.
package coalesce
