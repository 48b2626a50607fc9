package io.syncline.source;

import io.syncline.source.CsvRows.Malformed;
import io.syncline.source.CsvRows.Row;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/** A CSV file with a header that somebody has put into a folder, read line by line. What is wrong with it as a whole is told with what to do about it. */
public final class DeliveredFile implements AutoCloseable {
    private static final int MOST_LETTERS = 1 << 20;

    private final Path path;
    private final Charset charset;
    private final BasicFileAttributes before;
    private final BufferedReader text;
    private final CsvRows rows;
    private final List<String> header;

    /**
     * A line with a value for each column of the header; null where nothing stands.
     *
     * @param problem why it has none; null for most
     */
    public record Line(int number, List<String> values, String problem) {
    }

    private DeliveredFile(Path path, Charset charset, BasicFileAttributes before, BufferedReader text, CsvRows rows, List<String> header) {
        this.path = path;
        this.charset = charset;
        this.before = before;
        this.text = text;
        this.rows = rows;
        this.header = header;
    }

    /**
     * The files of a folder whose names are as the pattern says, in the order of names, but for those that are still being written.
     *
     * @throws UnfitFile when the folder cannot be read
     */
    public static List<Path> in(String folder, String pattern) throws UnfitFile {
        try {
            Path directory = Path.of(folder);
            PathMatcher included = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            try (Stream<Path> all = Files.list(directory)) {
                return all.filter(path -> included.matches(path.getFileName()) && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                        && !FilesReader.isUnderWay(path)).sorted().toList();
            }
        } catch (IOException | InvalidPathException e) {
            throw new UnfitFile("the folder " + Asked.shown(folder) + " is not there or cannot be read. Check folder: in the sync's file, and its rights.", e);
        }
    }

    /** SHA-256 of its content, as hexadecimal digits. */
    public static String digest(Path path) throws UnfitFile {
        try {
            requireOrdinary(path);
            return Delivered.sha256(path);
        } catch (IOException e) {
            throw new UnfitFile("cannot be read. Check that it is there and may be read.", e);
        }
    }

    /** @throws UnfitFile when it is no file of this kind, or cannot be read */
    public static DeliveredFile open(Path path, char delimiter, Charset charset) throws UnfitFile {
        BufferedReader text = null;
        try {
            BasicFileAttributes before = requireOrdinary(path);
            text = new BufferedReader(new InputStreamReader(new BufferedInputStream(Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)),
                    charset.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT)));
            text.mark(1);
            if (text.read() != '\uFEFF') {
                text.reset();
            }
            CsvRows rows = new CsvRows(text, delimiter, MOST_LETTERS);
            Row first = rows.next();
            if (first == null) {
                throw new Malformed("the file is empty: there is not even a header");
            }
            List<String> named = first.values().stream().map(name -> name == null ? null : name.strip()).toList();
            List<String> names = named.stream().filter(name -> name != null && !name.isEmpty()).toList();
            if (new HashSet<>(names).size() < names.size()) {
                throw new Malformed("line " + first.line() + ": the header names a column twice");
            }
            return new DeliveredFile(path, charset, before, text, rows, named);
        } catch (IOException | Malformed e) {
            closeQuietly(text, e);
            throw unfit(e, charset);
        } catch (UnfitFile e) {
            closeQuietly(text, e);
            throw e;
        }
    }

    private static void closeQuietly(BufferedReader text, Exception behind) {
        try {
            if (text != null) {
                text.close();
            }
        } catch (IOException e) {
            behind.addSuppressed(e);
        }
    }

    /** The columns' names; null or empty where one has none. */
    public List<String> header() {
        return header;
    }

    /**
     * @return null at the end
     * @throws UnfitFile when the file is damaged, or has changed while it was read
     */
    public Line next() throws UnfitFile {
        try {
            Row row = rows.next();
            if (row == null) {
                requireUnchanged();
                return null;
            }
            if (row.values().size() != header.size()) {
                if (!row.terminated()) {
                    throw new Malformed("line " + row.line() + ": the file stops in the middle of a row");
                }
                return new Line(row.line(), null, "holds " + row.values().size() + " values, but the header names " + header.size());
            }
            return new Line(row.line(), row.values(), null);
        } catch (IOException | Malformed e) {
            throw unfit(e, charset);
        }
    }

    private static BasicFileAttributes requireOrdinary(Path path) throws IOException, UnfitFile {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new UnfitFile("is a link or no ordinary file. Put the file itself there.", null);
        }
        return attributes;
    }

    private void requireUnchanged() throws IOException, UnfitFile {
        BasicFileAttributes now = requireOrdinary(path);
        if (now.size() != before.size() || !now.lastModifiedTime().equals(before.lastModifiedTime())) {
            throw new UnfitFile("changed while it was read. Write files under another name, ending with .tmp, and rename them when they are whole.", null);
        }
    }

    private static UnfitFile unfit(Exception e, Charset charset) {
        if (e instanceof CharacterCodingException) {
            return new UnfitFile("holds bytes that are no " + charset + ". Correct the file, or charset: in the sync's file.", e);
        }
        return e instanceof Malformed ? new UnfitFile(e.getMessage() + ". Nothing of it was taken; put it there as a whole.", e)
                : new UnfitFile("cannot be read. Check that it is there and may be read.", e);
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
