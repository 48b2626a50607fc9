package io.syncline.store;

import io.syncline.config.EntityConfig;
import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;

class DeleteLimitTest {

    /** Absences are confirmed one by one until there are more than {@code most}: what it says must be what the brake then does. */
    @Test
    void theMostThatPassesIsExactlyWhatIsNotHeld() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            EntityConfig.Brake brake = new EntityConfig.Brake(random.nextInt(0, 700), random.nextInt(0, 101));
            DeleteLimit limit = new DeleteLimit(brake, random.nextLong(0, 5000));
            long most = limit.most();
            assertThat(limit.reason(most, false, false)).as("%s %s", brake, most).isEmpty();
            assertThat(limit.reason(most + 1, false, false)).as("%s %s", brake, most).isPresent();
        }
    }

    @Test
    void moreLiveRowsThanEnoughChangeNothing() {
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < 20_000; i++) {
            EntityConfig.Brake brake = new EntityConfig.Brake(random.nextInt(0, 700), random.nextInt(0, 101));
            long live = random.nextLong(0, 5000);
            long deletes = random.nextLong(0, 800);
            boolean unconfirmed = random.nextBoolean();
            assertThat(new DeleteLimit(brake, Math.min(live, DeleteLimit.enough(brake, deletes))).reason(deletes, false, unconfirmed))
                    .as("%s %s of %s", brake, deletes, live).isEqualTo(new DeleteLimit(brake, live).reason(deletes, false, unconfirmed));
        }
    }

    @Test
    void theMostIsTheSameWhenLiveRowsAreCountedNoFurtherThanEnough() {
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < 20_000; i++) {
            EntityConfig.Brake brake = new EntityConfig.Brake(random.nextInt(0, 700), random.nextInt(0, 101));
            long live = random.nextBoolean() ? random.nextLong(0, 5000) : Math.max(0, DeleteLimit.enough(brake) + random.nextLong(-3, 4));
            assertThat(new DeleteLimit(brake, Math.min(live, DeleteLimit.enough(brake))).most()).as("%s of %s", brake, live)
                    .isEqualTo(new DeleteLimit(brake, live).most());
        }
    }

    @Test
    void afterAnEmptyAnswerEveryDeleteIsHeldAndWithoutDeletesNothingIs() {
        DeleteLimit limit = new DeleteLimit(EntityConfig.Brake.DEFAULT, 1000);
        assertThat(limit.reason(1, true, false)).hasValueSatisfying(why -> assertThat(why).contains("answer was empty while 1000 rows are live"));
        assertThat(limit.reason(1, false, true)).hasValueSatisfying(why -> assertThat(why).contains("not confirmed one by one"));
        assertThat(limit.reason(0, true, true)).isEmpty();
    }
}
