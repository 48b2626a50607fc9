package io.syncline.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** Random letters and digits that nobody guesses, and what is stored in their place. */
final class Letters {
    static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    /** So many hold 160 random bits. */
    static final int SECRET = 27;

    private static final SecureRandom RANDOM = new SecureRandom();

    private Letters() {
    }

    static String random(int count) {
        return RANDOM.ints(count, 0, ALPHABET.length()).collect(StringBuilder::new, (text, letter) -> text.append(ALPHABET.charAt(letter)),
                StringBuilder::append).toString();
    }

    static boolean only(String text) {
        return text.chars().allMatch(letter -> ALPHABET.indexOf(letter) >= 0);
    }

    /** SHA-256: a plain hash of 160 random bits cannot be searched. */
    static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
