package io.syncline.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A key as its owner holds it: {@code sln_}, 8 characters that name it, 27 that are secret (160 random bits) and 6 of checksum, by which a typing
 * mistake or a find of a secret scanner is judged without asking anyone. All are letters and digits.
 */
final class ApiKey {
    static final String MARK = "sln_";

    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int PREFIX = 8;
    private static final int SECRET = 27;
    private static final int CHECKSUM = 6;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String prefix;
    private final String secret;

    private ApiKey(String prefix, String secret) {
        this.prefix = prefix;
        this.secret = secret;
    }

    static ApiKey random() {
        return new ApiKey(letters(PREFIX), letters(SECRET));
    }

    /** Empty when the text is not a key, whoever made it. */
    static Optional<ApiKey> read(String text) {
        if (text == null || text.length() != MARK.length() + PREFIX + SECRET + CHECKSUM || !text.startsWith(MARK)
                || !text.chars().skip(MARK.length()).allMatch(letter -> ALPHABET.indexOf(letter) >= 0)) {
            return Optional.empty();
        }
        int secretAt = MARK.length() + PREFIX;
        ApiKey key = new ApiKey(text.substring(MARK.length(), secretAt), text.substring(secretAt, secretAt + SECRET));
        return key.text().equals(text) ? Optional.of(key) : Optional.empty();
    }

    /** What finds the row; it opens nothing. */
    String prefix() {
        return prefix;
    }

    /** What is stored in the place of the secret. */
    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The whole key, for the one time that it is shown. */
    String text() {
        return MARK + prefix + secret + checksum(prefix + secret);
    }

    /** Promise 28: a key that finds its way into a message shows its name only. */
    @Override
    public String toString() {
        return MARK + prefix + "…";
    }

    private static String letters(int count) {
        return RANDOM.ints(count, 0, ALPHABET.length()).collect(StringBuilder::new, (text, letter) -> text.append(ALPHABET.charAt(letter)),
                StringBuilder::append).toString();
    }

    private static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        long rest = crc.getValue();
        char[] letters = new char[CHECKSUM];
        for (int at = CHECKSUM - 1; at >= 0; at--) {
            letters[at] = ALPHABET.charAt((int) (rest % ALPHABET.length()));
            rest /= ALPHABET.length();
        }
        return new String(letters);
    }
}
