/**
 * Records as people look for them: search, how each came to be as it is, as it was before, every version, and an edit by a person.
 * Promise 29: the organisation is part of every statement; names of tables and columns come from checked configuration only.
 */
package io.syncline.inspect;
