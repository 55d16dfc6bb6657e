// Package coalesce answers reads of single objects from as few requests as it can. It knows neither HTTP nor the
// service: it is given functions that read one object and one page of a list.
//
// Terraform asks for each object by itself, and the list of a service returns a hundred whole objects at once. So reads
// that belong together share pages of the list.
//
// A refresh is a run of reads that may be answered from the same responses. Its responses form a snapshot. A snapshot
// ends, and the next read begins a new one,
//   - when a write was answered (Writing, Deleted), so that a read sees every write that was answered before it;
//   - when an object is asked for that the snapshot has answered already (unless Config.Repeats);
//   - when nobody asked for 5 s, and in any case after 2 min.
//
// A read is never stale: a sequence number is drawn for each snapshot and for each attempt of a request, and a response
// answers only those callers who asked before its request was sent. Errors reach only those who wait for the object.
//
// What a read may cost: a read that comes alone is a single read. From the second one on, pages are read where the
// wanted objects are likely to be. Each read brings a credit of two requests, of which one is kept for a single read
// in case no page has the object. So a few objects of a long list never cost more than twice their number, and N
// objects of a list of N cost about N/100 requests.
//
// Where an object is in the list is a guess (layout) from the ids on the pages that were read. A wrong guess costs credit
// and never changes an answer. Pages read in order do not keep that cost for objects that are read one by one: they
// come before the objects that are asked for. The work of a guess depends on the number of pages that were read, not on
// what the service says of the length of its list.
//
// Rows of a list replace single reads only while they have every key that single reads have (Shape); otherwise, and
// where a service does not paginate, objects are read one by one.
//
// Requests run on goroutines of their own, because several callers share them: the end of one caller's context does not
// end a request, and the last caller who leaves does. Reads that follow writes wait a short while for further writes,
// so that a batch of writes shares the pages that verify it.
package coalesce
