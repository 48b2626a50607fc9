package bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process has used, with all of its children where it is a PostgreSQL, as Linux tells it in {@code /proc}; elsewhere nothing is known, and the figures
 * are zero. What the kernel counts comes in hundredths of a second.
 */
final class Usage {
    private static final double TICKS = 100;
    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int REAPED_USER = 13;
    private static final int REAPED_SYSTEM = 14;

    private final long pid;
    private final boolean family;
    private long mostKilobytes;

    Usage(long pid, boolean family) {
        this.pid = pid;
        this.family = family;
    }

    /** Seconds since its start. */
    double processor() {
        double ticks = ticks(pid, family);
        for (long child : family ? children() : List.<Long>of()) {
            ticks += ticks(child, false);
        }
        return ticks / TICKS;
    }

    /** Takes note of the memory that it has just now. */
    void look() {
        long own = kilobytes(pid, "RssAnon:") + kilobytes(pid, "RssFile:");
        long shared = kilobytes(pid, "RssShmem:");
        for (long child : family ? children() : List.<Long>of()) {
            own += kilobytes(child, "RssAnon:");
            shared = Math.max(shared, kilobytes(child, "RssShmem:"));
        }
        mostKilobytes = Math.max(mostKilobytes, own + shared);
    }

    /** The most that was noted since it was asked last, in megabytes: what is in memory, and what processes share once. */
    long mostMemory() {
        look();
        long most = mostKilobytes / 1024;
        mostKilobytes = 0;
        return most;
    }

    private static double ticks(long pid, boolean reaped) {
        String stat = text(Path.of("/proc", Long.toString(pid), "stat"));
        if (stat.isEmpty()) {
            return 0;
        }
        // Behind the name, which may hold anything, stands the third value.
        String[] values = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(values[USER]) + Long.parseLong(values[SYSTEM]);
        return reaped ? ticks + Long.parseLong(values[REAPED_USER]) + Long.parseLong(values[REAPED_SYSTEM]) : ticks;
    }

    private static long kilobytes(long pid, String name) {
        return text(Path.of("/proc", Long.toString(pid), "status")).lines().filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", ""))).findFirst().orElse(0);
    }

    private List<Long> children() {
        List<Long> children = new ArrayList<>();
        String text = text(Path.of("/proc", Long.toString(pid), "task", Long.toString(pid), "children")).strip();
        for (String child : text.isEmpty() ? new String[0] : text.split(" ")) {
            children.add(Long.parseLong(child));
        }
        return children;
    }

    /** Empty where the process has ended meanwhile, or nothing tells about it. */
    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException gone) {
            return "";
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No such process")) {
                return "";
            }
            throw new UncheckedIOException(e);
        }
    }
}
