package io.syncline.export;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;

/** A format that records are exported in. */
public enum Format {
    JSON_LINES("json-lines", "jsonl", "application/x-ndjson"),
    CSV("csv", "csv", Csv.MEDIA_TYPE),
    PARQUET("parquet", "parquet", "application/vnd.apache.parquet");

    private final String word;
    private final String extension;
    private final String mediaType;

    Format(String word, String extension, String mediaType) {
        this.word = word;
        this.extension = extension;
        this.mediaType = mediaType;
    }

    /** By its word in requests and configuration. */
    public static Optional<Format> named(String word) {
        return Arrays.stream(values()).filter(format -> format.word.equals(word)).findFirst();
    }

    public String word() {
        return word;
    }

    /** What names of such files end with, behind the dot. */
    public String extension() {
        return extension;
    }

    public String mediaType() {
        return mediaType;
    }

    /** @param to stays open when the writer is closed */
    public RecordWriter open(OutputStream to, Columns columns) throws IOException {
        return switch (this) {
            case JSON_LINES -> new JsonLinesWriter(to, columns);
            case CSV -> new CsvWriter(to, columns);
            case PARQUET -> new ParquetWriter(to, columns);
        };
    }
}
