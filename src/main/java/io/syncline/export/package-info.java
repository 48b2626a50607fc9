/**
 * Records as files for others: JSON lines, CSV and Parquet, written one record at a time whatever their number.
 * Who may have them, and which, is decided elsewhere.
 */
package io.syncline.export;
