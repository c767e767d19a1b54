package dev.perennial.prove.guarantee;

import dev.perennial.devstack.provider.Use;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import dev.perennial.domain.event.Event.CodeReceived;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Every consent that came in ended in a connection or in a published failure with its reason; none
 * that a browser was told of got lost; and no code was sent twice.
 */
public final class EveryCodeSettled implements Guarantee {
  private record Consent(ConnectionKey key, long grant) {}

  @Override
  public Verdict check(Evidence evidence) {
    Verdict.Tally tally = new Verdict.Tally(this);
    Set<Consent> connected =
        evidence.published().stream()
            .map(one -> new Consent(one.key(), one.state().grant()))
            .collect(Collectors.toSet());
    Map<ConnectionKey, Long> newest = new HashMap<>();
    connected.forEach(consent -> newest.merge(consent.key(), consent.grant(), Math::max));
    Set<String> failed =
        evidence.failed().stream()
            .map(AuthorizationFailed::authorization)
            .collect(Collectors.toSet());
    for (CodeReceived code : distinct(evidence.codes())) {
      tally.checked();
      boolean overtaken =
          newest.getOrDefault(code.key(), 0L) > code.grant()
              && "connected".equals(evidence.codeRecords().get(code.authorization()));
      if (!connected.contains(new Consent(code.key(), code.grant()))
          && !failed.contains(code.authorization())
          && !overtaken) {
        tally.violated(
            code.key()
                + ": the code received at "
                + code.at()
                + " is neither connected nor failed on any topic (Redis: "
                + evidence.codeRecords().getOrDefault(code.authorization(), "no record of it")
                + ")");
      }
    }
    unheard(evidence, tally);
    sentTwice(evidence, tally);
    return tally.verdict();
  }

  private static List<CodeReceived> distinct(List<CodeReceived> codes) {
    Set<String> seen = new HashSet<>();
    return codes.stream().filter(code -> seen.add(code.authorization())).toList();
  }

  private static void unheard(Evidence evidence, Verdict.Tally tally) {
    Map<ConnectionKey, Long> received =
        distinct(evidence.codes()).stream()
            .collect(Collectors.groupingBy(CodeReceived::key, Collectors.counting()));
    evidence
        .accepted()
        .forEach((key, times) -> {
          tally.checked();
          long came = received.getOrDefault(key, 0L);
          if (came < times) {
            tally.violated(
                key
                    + ": a browser was told "
                    + times
                    + " times that its consent had come in, the topic has "
                    + came);
          }
        });
  }

  private static void sentTwice(Evidence evidence, Verdict.Tally tally) {
    evidence.uses().stream()
        .filter(use -> use.kind() == Use.Kind.CODE && !use.token().equals("unknown"))
        .collect(Collectors.groupingBy(Use::token))
        .forEach((code, uses) -> {
          tally.checked();
          if (uses.size() > 1) {
            tally.violated(
                code
                    + " was sent "
                    + uses.size()
                    + " times: "
                    + uses.stream()
                        .map(use -> use.worker() + " at " + use.at() + " " + use.outcome())
                        .collect(Collectors.joining(", ")));
          }
        });
  }
}
