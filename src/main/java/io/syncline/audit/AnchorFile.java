package io.syncline.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A file of anchors, a line each. It only grows; a line is there once the disk has it. */
public final class AnchorFile {
    private final Path file;

    public AnchorFile(Path file) {
        this.file = file;
    }

    /**
     * What a file holds.
     *
     * @param unreadable the numbers of lines that are none, as a crash in the middle of one leaves it
     */
    public record Content(List<String> lines, List<Integer> unreadable) {
        /** Of no file. */
        public static final Content NONE = new Content(List.of(), List.of());
    }

    /** @throws NotAnchored when it cannot be written, with the reason */
    void append(String line) {
        try {
            boolean isNew = !Files.exists(file);
            requireOrdinary();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                 FileLock lock = channel.lock()) {
                long end = channel.size();
                // What a crash has left of a line ends there; the next one begins on its own.
                String text = (lock.isValid() && endsWithin(channel, end) ? "\n" : "") + line + "\n";
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes, end + bytes.position());
                }
                channel.force(true);
            }
            if (isNew) {
                try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                    folder.force(true);
                }
            }
        } catch (IOException e) {
            throw new NotAnchored("The file for anchors could not be written: " + reason(e), e);
        }
    }

    /** A pipe would make everybody wait for whoever writes into it, and a device never ends. */
    private void requireOrdinary() throws NotOrdinary {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new NotOrdinary();
        }
    }

    private static final class NotOrdinary extends IOException {
        private NotOrdinary() {
            super("what stands there is no ordinary file. Name another one in syncline.anchor.file.");
        }
    }

    private static boolean endsWithin(FileChannel channel, long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return end > 0 && channel.read(last, end - 1) == 1 && last.get(0) != '\n';
    }

    private static String reason(IOException e) {
        return e instanceof NotOrdinary ? e.getMessage()
                : e instanceof NoSuchFileException ? "its folder is not there. Make it, or name another file in syncline.anchor.file."
                : e instanceof AccessDeniedException ? "writing there is not allowed. Let the server write there, or name another file in syncline.anchor.file."
                : "the disk did not take it. Look whether it is full.";
    }

    /**
     * The anchors that it holds; none where it is not there.
     *
     * @throws NotAnchored when it cannot be read
     */
    public Content read() {
        List<String> lines = new ArrayList<>();
        List<Integer> unreadable = new ArrayList<>();
        try {
            requireOrdinary();
            int number = 0;
            // Bytes that are no text make their own line unreadable, and no other.
            for (String line : Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\r?\n") : new String[0]) {
                number++;
                Optional<AnchorLine> read = AnchorLine.read(line);
                if (read.isPresent()) {
                    lines.add(line);
                } else if (!line.isBlank()) {
                    unreadable.add(number);
                }
            }
            return new Content(lines, unreadable);
        } catch (IOException e) {
            throw new NotAnchored("The file of anchors could not be read: "
                    + (e instanceof NotOrdinary ? e.getMessage() : "look whether the server may read it."), e);
        }
    }
}
