package io.syncline.record;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class KeyTextTest {
    @Test
    void aSinglePartIsTheKeyItself() {
        assertThat(KeyText.join(List.of("a|b\\c"))).isEqualTo("a|b\\c");
    }

    @Test
    void differentCompoundKeysNeverMeet() {
        assertThat(KeyText.join(List.of("a", "bc"))).isNotEqualTo(KeyText.join(List.of("ab", "c")));
        Map<String, List<String>> seen = new HashMap<>();
        List<String> parts = allTexts("ab|\\", 3);
        for (String one : parts) {
            for (String other : parts) {
                List<String> key = List.of(one, other);
                assertThat(seen.putIfAbsent(KeyText.join(key), key)).as("%s and another", key).isNull();
            }
        }
    }

    private static List<String> allTexts(String alphabet, int longest) {
        List<String> texts = new ArrayList<>(List.of(""));
        for (int from = 0, length = 0; length < longest; length++) {
            int to = texts.size();
            for (; from < to; from++) {
                for (char c : alphabet.toCharArray()) {
                    texts.add(texts.get(from) + c);
                }
            }
        }
        return texts;
    }
}
