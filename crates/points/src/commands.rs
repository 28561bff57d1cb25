//! What an account can be asked.

use contracts::commands::{AddPoints, CloseAccount, EarnPoints, OpenAccount, RevokePoints, SetBalance};
use contracts::events::{BalanceSet, PointsEarned, PointsRevoked};
use contracts::{Answer, Code, Message, Rejection};
use engine::{Context, Stop};
use typed::Text;

use crate::account::{Account, Entry, by_hand_id, earned_id, revoked_id};
use crate::store::{Counter, next_number};

type Ctx<'a> = Context<'a, Message, Answer>;

pub(crate) fn open(command: &OpenAccount, context: &mut Ctx<'_>) -> Result<(), Stop> {
    if context.get::<Account>(&command.customer)?.is_some() {
        let message = format!("customer {} has an account already", command.customer);
        context.answer(Rejection::of_field(Code::AlreadyExists, "id", message).into());
        return Ok(());
    }
    set_to(fresh(&command.customer, context)?, command.balance, true, context)
}

pub(crate) fn set(command: &SetBalance, context: &mut Ctx<'_>) -> Result<(), Stop> {
    match context.get::<Account>(&command.customer)? {
        Some(account) => match account.refuse_unless(command.expected_version, command.expected_balance) {
            Ok(()) => set_to(account, command.balance, false, context),
            Err(rejection) => {
                context.answer(rejection.into());
                Ok(())
            }
        },
        None => {
            context.answer(Rejection::new(Code::NotFound, "there is no such account").into());
            Ok(())
        }
    }
}

pub(crate) fn close(command: &CloseAccount, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(account) = context.get::<Account>(&command.customer)? else {
        context.answer(Rejection::new(Code::NotFound, "there is no such account").into());
        return Ok(());
    };
    if let Err(rejection) = account.refuse_unless(command.expected_version, None) {
        context.answer(rejection.into());
        return Ok(());
    }
    // To empty it is a change of its own.
    let version = account.version + u64::from(account.balance != 0);
    if account.balance != 0 {
        set_to(account, 0, false, context)?;
    }
    versions_end(version, context)?;
    context.delete::<Account>(&command.customer);
    context.say(BalanceSet {
        customer: command.customer.clone(),
        balance: 0,
        version: None,
        closed: true,
        reason: None,
    });
    context.answer(Answer::Done);
    Ok(())
}

fn set_to(account: Account, balance: i64, is_new: bool, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(points) = balance.checked_sub(account.balance) else {
        context.answer(Rejection::of_field(Code::InvalidValue, "points", "that is more than can be counted").into());
        return Ok(());
    };
    let customer = account.customer.clone();
    if points == 0 && !is_new {
        context.answer(Answer::Points(customer)); // the balance it has already: no version is raised, and nothing said
        return Ok(());
    }
    if points != 0 {
        let id = by_hand_id(next_number(Counter::BY_HAND, context)?);
        let (at, number) = (context.now(), Some(next_number(Counter::OF_ALL, context)?));
        context.put(Entry { id, customer: customer.clone(), owner: None, points, balance, at, number, reason: None });
    }
    let version = account.version + 1;
    context.put(Account { balance, version, ..account });
    context.say(BalanceSet {
        customer: customer.clone(),
        balance,
        version: Some(version),
        closed: false,
        reason: None,
    });
    context.answer(Answer::Points(customer));
    Ok(())
}

/// Corrects a balance by so many. Nobody owes points by mistake: who means that says so.
pub(crate) fn add(command: &AddPoints, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let (customer, points) = (&command.customer, command.points);
    let account = found_or_fresh(customer, context)?;
    let before = account.balance;
    let corrected = match account.with(points) {
        _ if points == 0 => Err("there is nothing to add: say how many".to_owned()),
        None => Err("that is more than can be counted".to_owned()),
        Some(account) if points < 0 && account.balance < 0 && !command.below_zero => Err(format!(
            "customer {customer} has {before} points, so {} fewer is {} below zero: say below_zero if that is meant",
            points.unsigned_abs(),
            account.balance.unsigned_abs()
        )),
        Some(account) => Ok(account),
    };
    let account = match corrected {
        Ok(account) => account,
        Err(why) => {
            context.answer(Rejection::of_field(Code::InvalidValue, "points", why).into());
            return Ok(());
        }
    };
    let id = by_hand_id(next_number(Counter::BY_HAND, context)?);
    let (at, number) = (context.now(), Some(next_number(Counter::OF_ALL, context)?));
    let (balance, version, reason) = (account.balance, Some(account.version), Some(command.reason.clone()));
    let entry =
        Entry { id, customer: customer.clone(), owner: None, points, balance, at, number, reason: reason.clone() };
    context.put(entry);
    context.put(account);
    context.say(BalanceSet { customer: customer.clone(), balance, version, closed: false, reason });
    context.answer(Answer::Points(customer.clone()));
    Ok(())
}

/// Grants the points of an order. A customer without an account gets one.
pub(crate) fn earn(command: &EarnPoints, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let (order, customer) = (command.order, &command.customer);
    let id = earned_id(order);
    if let Some(before) = context.get::<Entry>(&id)? {
        let (points, balance) = (before.points, before.balance);
        context.say(PointsEarned { order, customer: customer.clone(), points, balance, version: None });
        return Ok(());
    }
    let account = found_or_fresh(customer, context)?;
    let account = book(account, id, command.points, order, context)?;
    let (points, balance, version) = (command.points, account.balance, Some(account.version));
    context.say(PointsEarned { order, customer: customer.clone(), points, balance, version });
    Ok(())
}

/// Takes back the points of an order, whatever the balance: a customer may owe points that were spent.
pub(crate) fn revoke(command: &RevokePoints, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let order = command.order;
    let Some(earned) = context.get::<Entry>(&earned_id(order))? else {
        context.say(PointsRevoked { order, customer: Text::default(), points: 0, balance: 0, version: None });
        return Ok(());
    };
    let customer = earned.customer;
    let id = revoked_id(order);
    if let Some(before) = context.get::<Entry>(&id)? {
        context.say(PointsRevoked { order, customer, points: earned.points, balance: before.balance, version: None });
        return Ok(());
    }
    let account = found_or_fresh(&customer, context)?;
    let account = book(account, id, -earned.points, order, context)?;
    let (points, balance, version) = (earned.points, account.balance, Some(account.version));
    context.say(PointsRevoked { order, customer, points, balance, version });
    Ok(())
}

fn found_or_fresh(customer: &Text, context: &mut Ctx<'_>) -> Result<Account, Stop> {
    match context.get::<Account>(customer)? {
        Some(account) => Ok(account),
        None => fresh(customer, context),
    }
}

/// An empty account, whose first change has a version that no account of this customer had before.
fn fresh(customer: &Text, context: &mut Ctx<'_>) -> Result<Account, Stop> {
    let version = context.get::<Counter>(&Counter::VERSIONS)?.map_or(0, |counter| counter.next - 1);
    Ok(Account { version, ..Account::new(customer) })
}

/// An account with `version` is closed.
fn versions_end(version: u64, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let next = context.get::<Counter>(&Counter::VERSIONS)?.map_or(1, |counter| counter.next).max(version + 1);
    context.put(Counter { id: Counter::VERSIONS, next });
    Ok(())
}

fn book(
    account: Account,
    id: u64,
    points: i64,
    order: contracts::OrderId,
    context: &mut Ctx<'_>,
) -> Result<Account, Stop> {
    let customer = account.customer.clone();
    let Some(account) = account.with(points) else {
        return Err(Stop::fault(format!("the points of {customer} cannot be counted any more")));
    };
    let (balance, at, number) = (account.balance, context.now(), Some(next_number(Counter::OF_ALL, context)?));
    context.put(Entry { id, customer, owner: Some(order), points, balance, at, number, reason: None });
    context.put(account.clone());
    Ok(account)
}
