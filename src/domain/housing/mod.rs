//! Housing: what a landlord or a council is told of who looks for a home (rule 23), the risks that both sides tell each other before a move
//! (rule 26), an assessment in two parts, of the need and of the tenancy (LATCH House), whether a tenant attends treatment while that holds back an eviction (rule 25), and the duty of prisons and probation to refer
//! who is homeless (rule 24). Each provider by the person's consent.

pub mod codes;
pub mod duty;
pub mod hold;
mod hold_read;
mod holding;
pub mod items;
pub mod joint;
mod joint_read;
mod jointly;
mod moving;
mod read;
mod refer;
pub mod referral;
mod telling;

pub use hold_read::{AttendingView, ReadEvictionHold};
pub use holding::{ActOnHold, Attested, EvictionHeldBack, HoldAct, HoldBackEviction, HoldMoved};
pub use joint_read::{JointView, ReadJoint};
pub use jointly::{AgreePlan, AssessJointly, JointMoved, JointOpened, PartWritten, PlanAgreed, WritePart};
pub use moving::{HousingMoved, StepHousing};
pub use read::{HousingView, ReadHousing};
pub use refer::{HousingReferred, ReferToHousing, Setting};
