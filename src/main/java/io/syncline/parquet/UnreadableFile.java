package io.syncline.parquet;

/** A file is damaged, cut off, encrypted, or no Parquet file that can be read here. The message is for people; it does not name the file. */
public final class UnreadableFile extends Exception {
    UnreadableFile(String why) {
        super(why);
    }

    UnreadableFile(String why, Throwable cause) {
        super(why, cause);
    }
}
