package io.syncline.record;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A canonical document and its hash: the exact bytes that history keeps, and SHA-256 of exactly those bytes. */
public final class Document {
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Document::sha256);

    private final byte[] utf8;
    private final byte[] hash;

    private Document(byte[] utf8) {
        this.utf8 = utf8;
        this.hash = SHA_256.get().digest(utf8);
    }

    /** @param utf8 nobody else's from now on */
    static Document ofCanonical(byte[] utf8) {
        return new Document(utf8);
    }

    /** A document as it was stored; it is taken as canonical. */
    public static Document stored(String text) {
        return new Document(text.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] utf8() {
        return utf8;
    }

    public byte[] hash() {
        return hash;
    }

    public boolean hasHash(byte[] other) {
        return Arrays.equals(hash, other);
    }

    public String text() {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    public String hashHex() {
        return HexFormat.of().formatHex(hash);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Document that && Arrays.equals(utf8, that.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hash);
    }

    @Override
    public String toString() {
        return text();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
