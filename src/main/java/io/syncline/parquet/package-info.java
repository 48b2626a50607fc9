/**
 * Parquet files, read and written a row group at a time. What the rows mean is for others to say; nothing here is loaded before the first such file.
 */
package io.syncline.parquet;
