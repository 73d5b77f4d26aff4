package dev.understudy.core.performance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecommendationIdsTest {
    @Test
    void areLeftAsTheyAreWhereTheyCanBeTyped() {
        assertThat(RecommendationIds.typable("caching:ci/build:fetch+scan")).isEqualTo("caching:ci/build:fetch+scan");
    }

    @Test
    void haveNoBlanksAndNothingForAShell() {
        assertThat(RecommendationIds.typable("caching:order-desk: GET /order;$(x):pay & go"))
                .matches("caching:order-desk:-GET-/order-x-:pay-go\\.[0-9a-f]+");
    }

    @Test
    void differWhereTheyDiffered() {
        assertThat(RecommendationIds.typable("a b")).isNotEqualTo(RecommendationIds.typable("a-b"));
        assertThat(RecommendationIds.typable("a b")).isNotEqualTo(RecommendationIds.typable("a  b"));
    }

    @Test
    void areTheSameTheSecondTime() {
        String typable = RecommendationIds.typable("a b");
        assertThat(RecommendationIds.typable(typable)).isEqualTo(typable);
    }
}
