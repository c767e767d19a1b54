package dev.perennial.domain.credential;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is published about a credential, exactly as a script returned it: one content per
 * (grant, version). Everything orders by (grant, tokenGen, version); versions rise, gaps are legal.
 *
 * @param grant which consent
 * @param tokenGen which answer of that consent the tokens come from, from 1
 * @param version orders publications, from 1
 * @param change what this version is about
 * @param reason null where all is well
 * @param sealed the token response; null when deleted
 * @param issuedAt when the tokens were requested; null when deleted
 * @param expiresAt end of the access token; null = permanent
 * @param nextRefreshAt when a refresh is due as of this version; null = none planned
 * @param changedAt when this version was written, on Redis's clock
 * @param grantEnd when only a new consent will help; null where that is not known or never
 * @param warned the smallest lead time before that end which has been warned of; null = none yet
 */
public record CredentialState(
    ConnectionKey key,
    long grant,
    long tokenGen,
    long version,
    Status status,
    Change change,
    @Nullable Reason reason,
    @Nullable Sealed sealed,
    @Nullable Instant issuedAt,
    @Nullable Instant expiresAt,
    @Nullable Instant nextRefreshAt,
    @Nullable String tokenType,
    @Nullable String scope,
    Instant changedAt,
    @Nullable GrantEnd grantEnd,
    @Nullable Duration warned)
    implements Comparable<CredentialState> {

  /** Where no end of the grant is known. */
  public CredentialState(
      ConnectionKey key,
      long grant,
      long tokenGen,
      long version,
      Status status,
      Change change,
      @Nullable Reason reason,
      @Nullable Sealed sealed,
      @Nullable Instant issuedAt,
      @Nullable Instant expiresAt,
      @Nullable Instant nextRefreshAt,
      @Nullable String tokenType,
      @Nullable String scope,
      Instant changedAt) {
    this(
        key,
        grant,
        tokenGen,
        version,
        status,
        change,
        reason,
        sealed,
        issuedAt,
        expiresAt,
        nextRefreshAt,
        tokenType,
        scope,
        changedAt,
        null,
        null);
  }

  /** By (grant, tokenGen, version). Only states of one connection compare. */
  @Override
  public int compareTo(CredentialState other) {
    int byGrant = Long.compare(grant, other.grant);
    if (byGrant != 0) {
      return byGrant;
    }
    int byAnswer = Long.compare(tokenGen, other.tokenGen);
    return byAnswer != 0 ? byAnswer : Long.compare(version, other.version);
  }
}
