package io.syncline.access;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A key as its owner holds it: {@code sln_}, 8 characters that name it, 27 that are secret (160 random bits) and 6 of checksum, by which a typing
 * mistake or a find of a secret scanner is judged without asking anyone. All are letters and digits.
 */
public final class ApiKey {
    /** What everything begins with that opens something here: keys, links and sessions. */
    public static final String MARK = "sln_";

    private static final int PREFIX = 8;
    private static final int CHECKSUM = 6;

    private final String prefix;
    private final String secret;

    private ApiKey(String prefix, String secret) {
        this.prefix = prefix;
        this.secret = secret;
    }

    /** Whether the text is meant to open something here, whether it does or not. */
    public static boolean isMeantBy(String text) {
        return text.startsWith(MARK);
    }

    static ApiKey random() {
        return new ApiKey(Letters.random(PREFIX), Letters.random(Letters.SECRET));
    }

    /** Empty when the text is not a key, whoever made it. */
    static Optional<ApiKey> read(String text) {
        if (text == null || text.length() != MARK.length() + PREFIX + Letters.SECRET + CHECKSUM || !text.startsWith(MARK)
                || !Letters.only(text.substring(MARK.length()))) {
            return Optional.empty();
        }
        int secretAt = MARK.length() + PREFIX;
        ApiKey key = new ApiKey(text.substring(MARK.length(), secretAt), text.substring(secretAt, secretAt + Letters.SECRET));
        return key.text().equals(text) ? Optional.of(key) : Optional.empty();
    }

    /** What finds the row; it opens nothing. */
    String prefix() {
        return prefix;
    }

    /** What is stored in the place of the secret. */
    byte[] hash() {
        return Letters.hash(secret);
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

    private static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        long rest = crc.getValue();
        char[] letters = new char[CHECKSUM];
        for (int at = CHECKSUM - 1; at >= 0; at--) {
            letters[at] = Letters.ALPHABET.charAt((int) (rest % Letters.ALPHABET.length()));
            rest /= Letters.ALPHABET.length();
        }
        return new String(letters);
    }
}
