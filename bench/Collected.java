package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What was alive in a heap after each collection, by the log of the collector. Young garbage is in it, so it is an upper bound. */
final class Collected {
    private static final Pattern PAUSE = Pattern.compile("Pause .*?\\d+M->(\\d+)M\\(");

    private final Path log;
    private int read;

    Collected(Path log) {
        this.log = log;
    }

    /** The most since it was asked last, in megabytes; 0 where there was no collection. */
    long most() throws IOException {
        String all = Files.readString(log);
        String since = all.substring(read, all.lastIndexOf('\n') + 1);
        read += since.length();
        return PAUSE.matcher(since).results().mapToLong(pause -> Long.parseLong(pause.group(1))).max().orElse(0);
    }
}
