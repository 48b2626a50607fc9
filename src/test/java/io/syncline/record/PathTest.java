package io.syncline.record;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PathTest {
    @Test
    void dotsSeparateMembers() {
        assertThat(Path.of("partner_id.0").segments()).containsExactly("partner_id", "0");
        assertThat(Path.of("customer.address.city")).hasToString("customer.address.city");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b"})
    void anEmptyMemberIsRefused(String dotted) {
        assertThatIllegalArgumentException().isThrownBy(() -> Path.of(dotted));
    }

    @Test
    void aPathNamesAtLeastOneMember() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Path(List.of()));
    }
}
