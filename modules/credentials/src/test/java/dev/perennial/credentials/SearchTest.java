package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.ConnectionSearch;
import dev.perennial.domain.credential.ConnectionSearch.Name;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore.Page;
import dev.perennial.domain.credential.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Looking for connections among many. */
class SearchTest extends StoreFixture {
  private static final int MANY = 400;

  private void fill() {
    for (int i = 0; i < MANY; i++) {
      put("google/team-" + i, Duration.ofHours(1));
      put("xero/book.s*[" + i, Duration.ofDays(2));
    }
  }

  private void put(String key, Duration life) {
    int slash = key.indexOf('/');
    String id = key.substring(slash + 1).replaceAll("[*\\[]", "+"); // no pattern can be an id
    store.put(new ConnectionKey(key.substring(0, slash), id), GRANT, "auth", tokens("t", life));
  }

  private static ConnectionSearch search(
      @Nullable String integration, @Nullable Name name, @Nullable Status status) {
    return new ConnectionSearch(
        _ -> true,
        Optional.ofNullable(integration),
        Optional.ofNullable(name),
        Optional.ofNullable(status),
        Optional.empty(),
        Optional.empty());
  }

  private List<String> all(ConnectionSearch search) {
    TreeSet<String> found = new TreeSet<>();
    String cursor = null;
    do {
      Page page = store.search(search, cursor, 50);
      page.states().stream().map(CredentialState::key).forEach(key -> found.add(key.toString()));
      cursor = page.next();
    } while (cursor != null);
    return new ArrayList<>(found);
  }

  @Test
  void everythingIsFoundInPagesThatAreNotMuchLongerThanWanted() {
    fill();
    assertThat(all(ConnectionSearch.ALL)).hasSize(2 * MANY);
    assertThat(store.search(ConnectionSearch.ALL, null, 50).states()).hasSizeBetween(50, 200);
  }

  @Test
  void aBeginningAPartAndAnIntegrationAreLookedForAsTheyStand() {
    fill();
    assertThat(all(search("google", null, null))).hasSize(MANY);
    assertThat(all(search(null, new Name("team-39", true), null)))
        .hasSize(11)
        .allMatch(it -> it.startsWith("google/team-39"));
    assertThat(all(search(null, new Name("m-39", false), null))).hasSize(11);
    assertThat(all(search(null, new Name("m-39", true), null))).isEmpty();
    assertThat(all(search("xero", new Name("team", false), null))).isEmpty();
    for (String pattern : List.of("*", "?", "[a-z]", "te?m", "\\", "^", "team-*")) {
      assertThat(all(search(null, new Name(pattern, false), null))).as(pattern).isEmpty();
    }
    assertThat(all(search("*", null, null))).isEmpty();
  }

  @Test
  void whatIsSaidOfAConnectionIsLookedForToo() {
    fill();
    store.delete(new ConnectionKey("google", "team-7"), GRANT + 1);
    ConnectionSearch soon =
        new ConnectionSearch(
            "google"::equals,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Instant.now().plus(Duration.ofHours(2))));
    assertThat(all(search(null, null, Status.DELETED))).containsExactly("google/team-7");
    assertThat(all(search("google", null, null))).hasSize(MANY - 1);
    assertThat(all(soon)).hasSize(MANY - 1);
    assertThat(all(search(null, null, Status.EXPIRED))).isEmpty();
  }

  @Test
  void onlyACursorOfOursIsOne() {
    assertThatThrownBy(() -> store.search(ConnectionSearch.ALL, "x", 50))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
