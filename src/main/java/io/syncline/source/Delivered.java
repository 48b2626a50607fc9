package io.syncline.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A file as it was found in a folder.
 *
 * @param digest of its content: half of a SHA-256; null for what is no ordinary file, or could not be read
 * @param kind   in what way it is no ordinary file; null for one that is
 */
record Delivered(Path path, long size, Instant modified, String digest, String kind) {
    private static final int SHOWN = 32;

    /**
     * Reads all of its bytes: only they say whether it is one that was taken before.
     *
     * @throws IOException where it is not there any more
     */
    static Delivered of(Path path) throws IOException {
        BasicFileAttributes found = attributes(path);
        String kind = found.isRegularFile() ? null : found.isSymbolicLink() ? "this is a link, and links are not followed" : "this is no ordinary file";
        // What is at the other end of a link or a pipe is nobody's to read.
        return new Delivered(path, found.size(), found.lastModifiedTime().toInstant(), kind == null ? digest(path) : null, kind);
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    String name() {
        return path.getFileName().toString();
    }

    /** @throws IOException where it is not there any more */
    boolean isUnchanged() throws IOException {
        BasicFileAttributes now = attributes(path);
        return now.size() == size && now.lastModifiedTime().toInstant().equals(modified);
    }

    /** A file that cannot be read is told of when its turn comes. */
    private static String digest(Path path) {
        try {
            return sha256(path).substring(0, SHOWN);
        } catch (IOException e) {
            return null;
        }
    }

    /** Of all its bytes, as hexadecimal digits. */
    static String sha256(Path path) throws IOException {
        try (InputStream file = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            DigestInputStream bytes = new DigestInputStream(file, MessageDigest.getInstance("SHA-256"));
            bytes.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(bytes.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
