package io.syncline.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what a misspelt word was probably meant to be: a third of its letters may be wrong, at least one; or its end is missing. */
final class DidYouMean {
    private DidYouMean() {
    }

    static Optional<String> likeliest(String written, Collection<String> known) {
        int most = Math.max(1, written.length() / 3);
        return known.stream().filter(word -> distance(written, word) <= most).min(Comparator.comparingInt(word -> distance(written, word)))
                .or(() -> known.stream().filter(word -> isBeginning(written, word)).min(Comparator.comparingInt(String::length)));
    }

    private static boolean isBeginning(String written, String word) {
        return written.length() >= 3 && word.regionMatches(true, 0, written, 0, written.length());
    }

    /** How many letters to insert, leave out, change or swap with their neighbour. */
    private static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        if (Math.abs(a.length() - b.length()) > 20 || a.length() > 100) {
            return Integer.MAX_VALUE;
        }
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(cost[i - 1][j - 1] + change, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
