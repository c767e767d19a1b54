package dev.perennial.prove.guarantee;

import dev.perennial.domain.credential.CredentialState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Each version says one thing however often it is said; the last record of a connection is its
 * highest, since compaction keeps the last; and whoever skips what is not above what he has seen
 * sees versions rise.
 */
public final class EveryVersionPublishedInOrder implements Guarantee {
  private record Version(long grant, long version) {}

  @Override
  public Verdict check(Evidence evidence) {
    Verdict.Tally tally = new Verdict.Tally(this);
    evidence.byConnection().values().forEach(records -> judge(records, tally));
    return tally.verdict();
  }

  private static void judge(List<Published> records, Verdict.Tally tally) {
    Map<Version, Published> contents = new HashMap<>();
    Published highest = records.getFirst();
    for (Published one : records) {
      tally.checked();
      CredentialState state = one.state();
      Version version = new Version(state.grant(), state.version());
      Published before = contents.putIfAbsent(version, one);
      if (before != null && !before.state().equals(state)) {
        tally.violated(
            one.key()
                + ": one version says two things: "
                + before
                + ", and "
                + one
                + "; they differ in "
                + differences(before.state(), state));
      }
      if (state.compareTo(highest.state()) > 0) {
        if (state.version() <= highest.state().version()) {
          tally.violated(
              one.key() + ": a newer state with no higher version: " + highest + ", then " + one);
        }
        highest = one;
      }
    }
    Published last = records.getLast();
    if (last.state().compareTo(highest.state()) < 0) {
      tally.violated(
          last.key() + ": the last record is not the highest: " + last + ", but " + highest);
    }
  }

  /** By name; what is sealed is not shown. */
  private static String differences(CredentialState one, CredentialState other) {
    StringJoiner names = new StringJoiner(", ");
    compare(names, "token_gen", one.tokenGen(), other.tokenGen());
    compare(names, "status", one.status(), other.status());
    compare(names, "change", one.change(), other.change());
    compare(names, "reason", one.reason(), other.reason());
    compare(names, "issued_at", one.issuedAt(), other.issuedAt());
    compare(names, "expires_at", one.expiresAt(), other.expiresAt());
    compare(names, "next_refresh_at", one.nextRefreshAt(), other.nextRefreshAt());
    compare(names, "token_type", one.tokenType(), other.tokenType());
    compare(names, "scope", one.scope(), other.scope());
    compare(names, "changed_at", one.changedAt(), other.changedAt());
    compare(names, "grant_ends_at", one.grantEnd(), other.grantEnd());
    compare(names, "warned_lead_seconds", one.warned(), other.warned());
    if (!Objects.equals(one.sealed(), other.sealed())) {
      names.add("the sealed tokens");
    }
    return names.toString();
  }

  private static void compare(
      StringJoiner names, String name, @Nullable Object one, @Nullable Object other) {
    if (!Objects.equals(one, other)) {
      names.add(name + " (" + one + ", " + other + ")");
    }
  }
}
