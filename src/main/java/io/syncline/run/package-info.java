/**
 * The life of a run: request, lease, pages counted, watermark, final state, report.
 * What happens in which order is not here but in {@code routes/}.
 */
package io.syncline.run;
