/**
 * Reads systems page by page, whatever their kind, and reaches only what their file declares.
 * A page is either whole and understood, or a {@link io.syncline.source.SourceFailure}: nothing in between leaves this package.
 */
package io.syncline.source;
