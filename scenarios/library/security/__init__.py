"""Security: does the target keep what it was trusted with?"""

from typing import Any

from scenarios.library.security.agility import algorithms_good_and_weak_are_chosen
from scenarios.library.security.approvals import changes_wait_for_those_who_must_agree
from scenarios.library.security.at_rest import marked_customers_are_looked_for_in_every_store
from scenarios.library.security.attack import a_harmless_pack_of_attacks_is_tried
from scenarios.library.security.audit_trail import eighteen_kinds_of_acts_are_done
from scenarios.library.security.documents import files_good_and_bad_are_handed_in
from scenarios.library.security.fields import every_path_is_searched_for_restricted_values
from scenarios.library.security.following import the_audit_is_followed
from scenarios.library.security.fresh_factor import clear_values_are_asked_for_with_and_without_a_fresh_factor
from scenarios.library.security.functions import every_operation_is_tried_by_everyone
from scenarios.library.security.insiders import people_who_are_let_in_misuse_it
from scenarios.library.security.isolation import entities_branches_and_walls_are_probed
from scenarios.library.security.machines import machines_show_certificates_good_and_bad
from scenarios.library.security.masking import restricted_values_are_read_by_six_roles
from scenarios.library.security.origins import a_record_comes_by_four_routes
from scenarios.library.security.outgoing import (
    a_customer_is_read_under_a_second_layer,
    events_are_told_to_receivers_good_and_bad,
)
from scenarios.library.security.passkeys import a_passkey_is_made_and_shown
from scenarios.library.security.past import twenty_edits_are_remembered
from scenarios.library.security.rotation import a_key_is_replaced_while_customers_are_served
from scenarios.library.security.sign_in import sessions_begin_and_end
from scenarios.library.security.sign_on import users_sign_on_by_way_of_a_provider
from scenarios.library.security.subjects import thirty_people_ask_for_their_rights
from scenarios.library.security.tampering import the_audit_is_attacked
from scenarios.library.security.transport import transport_is_probed_from_outside
from scenarios.library.security.viewing import an_administrator_acts_for_a_banker
from scenarios.library.security.ways_in import codes_keys_and_leavers_are_tried
from scenarios.scenario import Scenario

SCENARIOS: tuple[Scenario[Any], ...] = (
    transport_is_probed_from_outside,
    machines_show_certificates_good_and_bad,
    events_are_told_to_receivers_good_and_bad,
    a_customer_is_read_under_a_second_layer,
    a_key_is_replaced_while_customers_are_served,
    algorithms_good_and_weak_are_chosen,
    marked_customers_are_looked_for_in_every_store,
    every_operation_is_tried_by_everyone,
    every_path_is_searched_for_restricted_values,
    entities_branches_and_walls_are_probed,
    changes_wait_for_those_who_must_agree,
    eighteen_kinds_of_acts_are_done,
    an_administrator_acts_for_a_banker,
    the_audit_is_followed,
    the_audit_is_attacked,
    twenty_edits_are_remembered,
    a_record_comes_by_four_routes,
    thirty_people_ask_for_their_rights,
    restricted_values_are_read_by_six_roles,
    clear_values_are_asked_for_with_and_without_a_fresh_factor,
    sessions_begin_and_end,
    codes_keys_and_leavers_are_tried,
    people_who_are_let_in_misuse_it,
    users_sign_on_by_way_of_a_provider,
    a_passkey_is_made_and_shown,
    a_harmless_pack_of_attacks_is_tried,
    files_good_and_bad_are_handed_in,
)
