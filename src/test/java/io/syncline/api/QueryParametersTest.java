package io.syncline.api;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class QueryParametersTest {
    private static final Set<String> KNOWN = Set.of("after", "limit");

    @Test
    void declaredParametersAreDecoded() {
        assertThat(QueryParameters.read("after=a%26b%3D%C3%A4+c&limit=3", KNOWN)).isEqualTo(Map.of("after", "a&b=ä c", "limit", "3"));
        assertThat(QueryParameters.read(null, KNOWN)).isEmpty();
        assertThat(QueryParameters.read("", Set.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"order=up", "limit=3&limit=4", "after=%zz", "after=%FF", "after=%00", "limit=1&", "id=7"})
    void everythingElseIsRefused(String query) {
        assertThatThrownBy(() -> QueryParameters.read(query, KNOWN)).isInstanceOf(Refused.class);
    }

    @Test
    void anAddressWithoutParametersTakesNone() {
        assertThatThrownBy(() -> QueryParameters.read("after=1", Set.of())).isInstanceOf(Refused.class).hasMessageContaining("takes no query parameters");
    }
}
