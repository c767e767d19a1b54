package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Shards;
import dev.perennial.domain.credential.Commit;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event.AnswerJournaled;
import dev.perennial.domain.event.Event.ConsentJournaled;

/**
 * The steps of the credential store that the owner of a shard takes for whoever could not, fence or
 * not. Thread-safe.
 */
final class OwnerStore {
  private final ConnectionScripts scripts;

  OwnerStore(RedisConnections redis, Shards shards) {
    this.scripts = new ConnectionScripts(redis, new Keys(redis.settings().prefix(), shards));
  }

  /** As {@code CredentialStore.commit}; what Redis does not know is made anew. */
  Commit commit(AnswerJournaled answer) {
    return RedisCredentialStore.commit(
        scripts,
        Script.OWNER_COMMIT,
        answer.key(),
        scripts
            .arguments(answer.key())
            .text(answer.attempt())
            .number(answer.stage())
            .flag(true)
            .number(answer.grant())
            .number(answer.tokenGen())
            .tokens(answer.tokens())
            .number(0)
            .number(0)
            .incomplete(answer.incomplete()));
  }

  /** As {@code CredentialStore.put}. */
  Put put(ConsentJournaled consent) {
    return RedisCredentialStore.put(
        scripts,
        Script.OWNER_PUT,
        consent.key(),
        consent.grant(),
        consent.authorization(),
        consent.tokens());
  }

  /** As {@code CodeRecords.fail}. */
  void failCode(ConnectionKey key, String authorization, Reason reason) {
    RedisCodeRecords.fail(scripts, Script.OWNER_CODE_FAIL, key, authorization, reason);
  }

  /** As {@code CredentialStore.published}. */
  void published(CredentialState state) {
    scripts.run(
        Script.OWNER_PUBLISHED,
        state.key(),
        scripts.arguments(state.key()).number(state.grant()).number(state.version()));
  }
}
