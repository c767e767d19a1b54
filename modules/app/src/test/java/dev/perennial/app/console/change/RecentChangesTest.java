package dev.perennial.app.console.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentChangesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:05Z");

  private static CredentialState state(
      String key, long version, Change change, Instant at, @Nullable Instant expiresAt) {
    return new CredentialState(
        ConnectionKey.parse(key),
        1,
        version,
        version,
        Status.ACTIVE,
        change,
        null,
        null,
        at,
        expiresAt,
        null,
        "Bearer",
        null,
        at);
  }

  private static SeenChange change(String key, long version) {
    return SeenChange.of(
        0, 0, version, state(key, version, Change.REFRESHED, NOW.plusSeconds(version), null));
  }

  private static List<Long> versions(List<SeenChange> changes) {
    return changes.stream().map(SeenChange::version).toList();
  }

  @Test
  void onlySoManyAreKeptOfOneAndOfAllAndTheOldestGoFirst() {
    RecentChanges changes = new RecentChanges(4, 2);
    changes.caughtUp();
    for (long version = 1; version <= 3; version++) {
      changes.add(change("google/a", version));
    }
    assertThat(versions(changes.of(ConnectionKey.parse("google/a")))).containsExactly(3L, 2L);
    changes.add(change("google/b", 10));
    changes.add(change("google/c", 11));
    changes.add(change("google/d", 12));
    assertThat(versions(changes.newest(9, _ -> true))).containsExactly(12L, 11L, 10L, 3L);
    changes.add(change("google/e", 13));
    assertThat(changes.of(ConnectionKey.parse("google/a"))).isEmpty();
    changes.add(change("google/a", 14));
    assertThat(versions(changes.of(ConnectionKey.parse("google/a")))).containsExactly(14L);
  }

  @Test
  void whatWasReadBackIsNumberedByTimeOverAllPartitions() {
    RecentChanges changes = new RecentChanges();
    changes.add(change("google/late", 9));
    changes.add(change("google/early", 2));
    assertThat(changes.isReady()).isFalse();
    assertThat(changes.newest(9, _ -> true)).isEmpty();
    changes.caughtUp();
    assertThat(versions(changes.newest(9, _ -> true))).containsExactly(9L, 2L);
  }

  @Test
  void whoeverIsTooFarBehindIsToldSo() throws Exception {
    RecentChanges changes = new RecentChanges(2, 2);
    changes.caughtUp();
    changes.add(change("google/a", 1));
    assertThat(changes.after(0, 9, Duration.ZERO).lost()).isFalse();
    changes.add(change("google/b", 2));
    changes.add(change("google/c", 3));
    RecentChanges.News news = changes.after(0, 9, Duration.ZERO);
    assertThat(news.lost()).isTrue();
    assertThat(versions(news.changes())).containsExactly(2L, 3L);
    assertThat(changes.after(1, 9, Duration.ZERO).lost()).isFalse();
    assertThat(changes.after(3, 9, Duration.ZERO).changes()).isEmpty();
  }

  @Test
  void whatWasLeftOfTheOldTokenIsMeasuredWhereItWasSeen() {
    Rates rates = new Rates();
    rates.add(state("google/a", 1, Change.CONNECTED, NOW.minusSeconds(500), NOW.plusSeconds(100)));
    rates.add(state("google/a", 2, Change.REFRESHED, NOW, NOW.plusSeconds(600)));
    rates.add(state("google/b", 1, Change.REFRESHED, NOW, NOW.plusSeconds(600)));
    rates.add(state("xero/c", 1, Change.REFRESH_FAILED, NOW, NOW.minusSeconds(1)));
    rates.add(state("xero/c", 2, Change.REFRESHED, NOW, NOW.plusSeconds(600)));
    Rates.Sum all = rates.sum(NOW.minusSeconds(60), NOW.plus(Rates.STEP), _ -> true);
    assertThat(all.refreshed()).isEqualTo(3);
    assertThat(all.failed()).isEqualTo(1);
    assertThat(all.left()).containsExactly(1L, 0L, 1L, 0L, 0L, 0L);
    Rates.Sum google = rates.sum(NOW.minusSeconds(60), NOW.plus(Rates.STEP), "google"::equals);
    assertThat(google.left()).containsExactly(0L, 0L, 1L, 0L, 0L, 0L);
    assertThat(rates.sum(NOW.plus(Rates.STEP), NOW.plusSeconds(60), _ -> true).refreshed())
        .isZero();
  }
}
